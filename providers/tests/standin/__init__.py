"""A stand-in for metadata services on this machine: real records, and every fault a test asks for."""

from providers.tests.standin.faults import Fault, FaultKind
from providers.tests.standin.network import LocalNetwork
from providers.tests.standin.records import Records, records_builtin, records_of_folder
from providers.tests.standin.server import StandIn, standing_in

__all__ = [
    "Fault",
    "FaultKind",
    "LocalNetwork",
    "Records",
    "StandIn",
    "records_builtin",
    "records_of_folder",
    "standing_in",
]
