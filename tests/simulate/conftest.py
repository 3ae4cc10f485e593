from relay_fixtures import local_relay_url, start_scripted_relay

__all__ = ["local_relay_url", "start_scripted_relay"]
