"""Pages and forms of lists: columns and views, exports, stored files, external ids."""
