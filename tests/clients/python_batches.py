"""OpenAI's Python SDK uploads a file, runs a batch and reads its output: API KEY. Tells in JSON what came."""
import json
import sys
import time

import openai

api, key = sys.argv[1:]
client = openai.OpenAI(base_url=api + "/v1", api_key=key, max_retries=0)
lines = [json.dumps({"custom_id": name, "method": "POST", "url": "/v1/chat/completions",
                     "body": {"model": "smart", "messages": [{"role": "user", "content": name}]}}) for name in "abc"]
file = client.files.create(file=("in.jsonl", "\n".join(lines).encode()), purpose="batch")
batch = client.batches.create(input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h")
end = time.monotonic() + 20
while batch.status not in ("completed", "failed") and time.monotonic() < end:
    time.sleep(0.05)
    batch = client.batches.retrieve(batch.id)
output = [json.loads(line) for line in client.files.content(batch.output_file_id).text.splitlines()]
counts = batch.request_counts
print(json.dumps({
    "counts": {"total": counts.total, "completed": counts.completed, "failed": counts.failed},
    "answers": [[one["custom_id"], one["response"]["body"]["choices"][0]["message"]["content"]] for one in output],
    "listed": batch.id in [one.id for one in client.batches.list(limit=100)],
    "deleted": client.files.delete(file.id).deleted,
}))
