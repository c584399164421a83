"""Pages of the public site, and the office's pages for stories."""
