"""The deep dives of EUDCC: a chain of chapters, each ending with the vendor's pages and the next one."""
