# SPDX-License-Identifier: Apache-2.0
"""Asks a server on this machine about one citizen."""

import os
import sys

from thrift.protocol import TCompactProtocol
from thrift.transport import TSocket, TTransport

from kstati_rpc import Kstati
from kstati_rpc.ttypes import CallContext, Failure, Language, Verdict


def connect(host="127.0.0.1", port=9090, seconds=30):
    socket = TSocket.TSocket(host, port)
    socket.setTimeout(seconds * 1000)
    transport = TTransport.TFramedTransport(socket)
    transport.open()
    return Kstati.Client(TCompactProtocol.TCompactProtocol(transport)), transport


def main(citizen, port):
    context = CallContext(language=Language.EN, token=os.environ.get("KSTATI_TOKEN"))
    kstati, transport = connect(port=port)
    try:
        for situation in kstati.situations(context, citizen):
            print(f"{situation.name}, since {situation.occurred_on}")
        for suggestion in kstati.suggest(context, citizen, 5).suggestions:
            verdict = Verdict._VALUES_TO_NAMES[suggestion.verdict].lower()
            print(f"  {suggestion.name} [{verdict}]: {suggestion.reasons[0].text}")
    except Failure as failure:
        print(f"{failure.message} (at {failure.place}); {failure.remedy}", file=sys.stderr)
        return 1
    finally:
        transport.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(os.environ.get("KSTATI_PORT", "9090"))))
