"""Pages of 自荐验收."""
