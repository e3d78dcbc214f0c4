"""Pure deciding: scores in, events and near misses out."""
