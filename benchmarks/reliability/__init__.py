"""The live program against the Motion daemon on real streams: processor time, memory, delay, drops."""
