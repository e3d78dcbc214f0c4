"""Generated scenes with exact truth: what tests, the demonstration and the benchmarks stand on."""
