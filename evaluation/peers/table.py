"""All peers by name. docs/peers.md says which options each is given, and why."""

from collections.abc import Mapping

from evaluation.peers.method import Method

METHODS: Mapping[str, Method] = {
    "coordination-network-toolkit": Method(
        "coordination_network_toolkit",
        "five of its networks (co-retweet, co-tweet, co-similarity, co-link, co-reply), 60 s, weight 2, components",
        "coordination-network-toolkit",
    ),
    "coordinationz": Method(
        "coordinationz",
        "cosine of shared items against a shuffled null model, p < 0.01, Leiden communities",
        "coordinationz",
    ),
    "datasketch": Method("datasketch", "groups of near-duplicate texts by MinHash LSH, in one window", "datasketch"),
    "synchrotrap": Method("synchrotrap", "our reference of Cao et al. 2014: Jaccard of matched actions, components"),
    "copycatch": Method("copycatch", "our reference of Beutel et al. 2013: temporally coherent near-bipartite cores"),
    "coortweet": Method("coortweet", "our equivalent of CooRTweet 2.1: co-shares, percentile of edge weights"),
}
