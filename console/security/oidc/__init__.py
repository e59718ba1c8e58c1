"""Log-in with an OpenID provider: authorization code with PKCE, ID tokens checked, people and roles by claims."""
