"""Files that are kept elsewhere: in an object store, on a host that speaks SFTP, in memory for tests."""
