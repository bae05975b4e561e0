"""Serves a WSGI application on a port of this machine until the parent is gone, and tells it where."""

import json
import os
import socketserver
import sys
import threading
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server


class Threaded(socketserver.ThreadingMixIn, WSGIServer):
    """Browsers open connections before they need them: one thread would wait for the first."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


def read_config():
    """The first line of the input, as the parent writes it."""
    return json.loads(sys.stdin.readline())


def listen(application):
    return make_server("localhost", 0, application, server_class=Threaded, handler_class=Quiet)


def serve(application, more=None, server=None):
    server = server or listen(application)
    server.set_app(application)
    print(json.dumps({"origin": f"http://localhost:{server.server_port}", **(more or {})}), flush=True)
    # The parent's end of the pipe closes with the parent.
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    server.serve_forever()
