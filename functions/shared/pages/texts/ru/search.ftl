# Search, matrix, figures.
