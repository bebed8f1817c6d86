"""The pages: parse, ask, call one verb or one report, answer."""
