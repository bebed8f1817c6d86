"""One module per page: read the request, call one verb or one report, answer."""
