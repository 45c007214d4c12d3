"""What `make bench` runs: intake against its floor, and the whole way of a contact, on both databases."""
