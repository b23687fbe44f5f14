"""Each statement of the two documents, bound by its id to tests that fail when the platform breaks it."""
