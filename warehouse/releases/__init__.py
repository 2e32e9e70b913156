"""The published database: each release built aside, proven, put in place; the last few kept."""
