"""What the nodes and the provider say of themselves, once a second, as a table."""
import concurrent.futures
import http.client
import json


def ask(address, path, seconds=0.8):
    """The JSON document, or None: refused, paused, not ours."""
    connection = http.client.HTTPConnection(address, timeout=seconds)
    try:
        connection.request("GET", path, headers={"accept": "application/json"})
        answer = connection.getresponse()
        body = answer.read()
        return {"status": answer.status} if path == "/readyz" else json.loads(body)
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()


class View:
    """One look at everything."""

    def __init__(self, nodes, seen):
        self.nodes = nodes  # name -> {"ready", "cluster", "shares"}, each may be None
        keys = (seen or {}).get("keys", [])
        self.provider = keys[0] if keys else None

    def rpm(self, name):
        """The row of the one limit in a node's shares; None when it does not answer."""
        rows = (self.nodes[name]["shares"] or {}).get("limits", [])
        return rows[0] if rows else None

    def allocator(self):
        for name, said in self.nodes.items():
            if said["shares"] and said["shares"].get("in_office"):
                return name
        return None


class Watch:
    def __init__(self, layout):
        self.layout = layout
        self.pool = concurrent.futures.ThreadPoolExecutor(16)
        self.worst = 0  # the provider's, over the whole run

    def look(self):
        paths = {"ready": "/readyz", "cluster": "/cluster", "shares": "/cluster/shares"}
        asked = {(name, what): self.pool.submit(ask, address, path)
                 for name, address in self.layout.admin.items() for what, path in paths.items()}
        seen = self.pool.submit(ask, self.layout.mock, "/mock/seen", 3)
        nodes = {name: {what: asked[name, what].result() for what in paths} for name in self.layout.admin}
        view = View(nodes, seen.result())
        if view.provider:
            self.worst = max(self.worst, view.provider["worst_60s"])
        return view


def state_of(said, process):
    """A word about one node, from its own answers and from the process where it is ours."""
    if said["ready"]:
        if (said["cluster"] or {}).get("draining"):
            return "draining"
        return "ready" if said["ready"]["status"] == 200 else "waiting"
    if process is None:
        return None
    return "no answer" if process.poll() is None else "ended"


def node_rows(view, processes, served):
    """[node, pid, state, served, held, role] for each node that is there, or was started by us."""
    allocator = view.allocator()
    rows = []
    for name, said in view.nodes.items():
        process = processes.get(name)
        state = state_of(said, process)
        if state is None:
            continue
        row = view.rpm(name)
        here = row["here"] if row else None
        held = str(here["available"] + here["reserved"]) if here else "-"
        pid = str(process.pid) if process and process.poll() is None else "-"
        rows.append([name, pid, state, str(served[name]), held, "allocator" if name == allocator else ""])
    return rows


def lines_of(rows):
    titles = ["node", "pid", "state", "served", "share held", ""]
    right = {1, 3, 4}
    widths = [max(len(row[i]) for row in [titles] + rows) for i in range(len(titles))]
    return ["  ".join(cell.rjust(width) if i in right else cell.ljust(width)
                      for i, (cell, width) in enumerate(zip(row, widths))).rstrip() for row in [titles] + rows]


def account_line(view):
    """Where the units are that no node holds, as the allocator has it."""
    name = view.allocator()
    row = view.rpm(name) if name else None
    if not row or "account" not in row:
        return "no allocator at the moment: nodes use what they hold until their leases end"
    account = row["account"]
    line = f"not held: {account['pool']} free, {account['cooling']} cooling (used in the last minute)"
    frozen = sum(node["frozen"] for node in row["nodes"].values())
    line += f", {frozen} frozen (with nodes that are gone)" if frozen else ""
    return line + (f", {account['unknown']} unknown" if account["unknown"] else "")


def provider_lines(view, limit, worst):
    last = view.provider["last_60s"] if view.provider else 0
    total = view.provider["total"] if view.provider else 0
    verdict = "never over" if worst <= limit else f"OVER BY {worst - limit}"
    return [f"provider   {total} calls, {last} in the last 60 s",
            f"limit      {limit} a minute; worst rolling minute {worst}, {100 * worst / limit:.0f} % used, {verdict}"]


def frame(view, processes, load, seconds, limit, worst):
    """The whole table as lines."""
    return [*lines_of(node_rows(view, processes, load.served)), "", account_line(view), *provider_lines(view, limit, worst),
            f"clients    {seconds:.0f} s at {load.rate:g} a second: {sum(load.served.values())} answered, "
            f"{load.refused} refused with 429, {load.failed} failed"]
