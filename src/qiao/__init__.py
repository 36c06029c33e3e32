"""Qiao 桥: the platform on which a trade union listens, decides, delivers and is judged."""

__version__ = "0.1.0"
