"""What a pack says: sentences, findings, tables and the words at charts."""
