"""One page object per page: what a template shows, ready to be written down."""
