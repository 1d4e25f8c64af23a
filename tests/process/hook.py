"""A webhook that tests look into."""
import http.server
import threading


class Hook:
    """A webhook: what it was told, and the answers that it gives first."""

    def __init__(self, refuse=0):
        self.told, self.refuse = [], refuse
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.told.append((dict(self.headers), body))
                outer.refuse -= 1
                self.send_response(500 if outer.refuse >= 0 else 204)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
