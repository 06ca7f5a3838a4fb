"""Raw feeds: frames of venues' sockets, live or recorded."""

from app.connectors.feeds.feeds import RawFeeds

__all__ = ["RawFeeds"]
