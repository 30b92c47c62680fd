"""What the parts of a site must be to each other. One file for each kind of question, all run by `site_check`."""
