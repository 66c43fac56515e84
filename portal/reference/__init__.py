"""Names and rules that change with Microsoft's catalogue, not with our code: files and look-ups."""
