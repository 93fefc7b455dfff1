"""Where a call came from: what signing in must know besides the request."""

import ipaddress
from dataclasses import dataclass

from chassis.tx import Cause


@dataclass(frozen=True)
class Visit(Cause):
    """A call through the gateway, with its address and what the browser or program says it is."""

    user_agent: str = ""

    @property
    def network(self):
        """Whom failures count against: the address, or of IPv6 the /64 that one household has."""
        try:
            address = ipaddress.ip_address(self.address)
        except ValueError:
            return "unknown"
        if address.version == 6 and address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(address) if address.version == 4 else str(ipaddress.ip_network((address, 64), strict=False))
