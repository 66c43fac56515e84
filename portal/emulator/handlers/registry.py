"""Which operations of the table are emulated, by name, and how an operation is told apart."""

from collections.abc import Callable

from portal.emulator.context import Answer, Call

Handler = Callable[[Call], Answer]
Chooser = Callable[[Call], str]

HANDLERS: dict[str, Handler] = {}
# operation name -> what decides between the operations that share its method and path
CHOOSERS: dict[str, Chooser] = {}


def emulates(*operations: str) -> Callable[[Handler], Handler]:
    """Register a handler for operations of ``portal.partnercenter.operations`` by name."""

    def register(handler: Handler) -> Handler:
        for name in operations:
            HANDLERS[name] = handler
        return handler

    return register


def tells_apart(*operations: str) -> Callable[[Chooser], Chooser]:
    """Register what returns the name of the operation meant by a call that may be any of these."""

    def register(chooser: Chooser) -> Chooser:
        for name in operations:
            CHOOSERS[name] = chooser
        return chooser

    return register
