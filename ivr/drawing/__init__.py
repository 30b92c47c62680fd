"""A menu as a picture: boxes, their places in columns, and SVG."""
