"""The numbered assertions of the uc v1 reference that a test of a compatible server makes, scene by scene."""
