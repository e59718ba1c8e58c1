"""What decisions teach: the allow list, precision, labels."""
