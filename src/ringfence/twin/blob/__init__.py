"""Blob storage: containers and block blobs, for those who sign in with the directory."""
