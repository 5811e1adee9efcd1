"""Threat 3: a public host that redirects to a private address gets nowhere."""

import pytest

from core import egress
from core.tests.egress.servers import LoopbackNetwork, answer, policy_for, serving

# The "public" host of these tests listens here; 127.0.0.1, where the canary sits, stays private.
PUBLIC = "127.0.0.2"


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:{port}/",
        "//127.0.0.1:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://inside.example:{port}/",
        "http://2130706433:{port}/",
        "http://public.example@127.0.0.1:{port}/",
        "hTTp://127.0.0.1:{port}/\u00e9",
    ],
)
def test_the_canary_behind_a_redirect_gets_no_hit(status: str, location: str) -> None:
    with serving(answer(b"secret")) as canary:
        headers = {"Location": location.format(port=canary.port)}
        with serving(answer(b"", status=status, headers=headers), address=PUBLIC) as front:
            network = LoopbackNetwork(
                {"public.example": [[PUBLIC]], "inside.example": [["127.0.0.1"]]}, allowed={PUBLIC}
            )
            policy = policy_for(front, canary, network=network)
            with pytest.raises(egress.EgressRefused):
                egress.fetch(f"http://public.example:{front.port}/", policy=policy)
            assert (front.hits, canary.hits) == (1, 0)


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "gopher://x/", "http://public.example:22/", "http://unlisted.example/"]
)
def test_schemes_ports_and_hosts_are_checked_again_at_each_hop(location: str) -> None:
    with serving(answer(b"", status="302 Found", headers={"Location": location}), address=PUBLIC) as front:
        network = LoopbackNetwork({"public.example": [[PUBLIC]]}, allowed={PUBLIC})
        policy = policy_for(front, network=network, hosts=("public.example",), ports=(front.port, 80))
        with pytest.raises(egress.EgressRefused):
            egress.fetch(f"http://public.example:{front.port}/", policy=policy)
        assert (front.hits, network.lookups) == (1, ["public.example"])


def test_a_loop_is_capped() -> None:
    with serving(answer(b"", status="302 Found", headers={"Location": "/"}), address=PUBLIC) as front:
        network = LoopbackNetwork({"public.example": [[PUBLIC]]}, allowed={PUBLIC})
        with pytest.raises(egress.EgressRefused):
            egress.fetch(f"http://public.example:{front.port}/", policy=policy_for(front, network=network))
        assert front.hits == 5
