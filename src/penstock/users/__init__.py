"""Who acts, in which workspace, in which role; and the walls between workspaces."""
