"""The shared customers: companies and the people in them."""
