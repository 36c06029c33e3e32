"""Forms of the window: the asker's, the officers', the counter's."""
