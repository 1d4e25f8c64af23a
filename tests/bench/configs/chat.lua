-- wrk: a chat completion request of about one kilobyte, each a little different so that no cache has it, and a result
-- that a program can read.
local text = string.rep("The quick brown fox jumps over the lazy dog. ", 18)
wrk.method = "POST"
wrk.path = "/v1/chat/completions"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer " .. (os.getenv("BENCH_KEY") or "none")
local before = '{"model":"smart","messages":[{"role":"system","content":"You are brief."},{"role":"user","content":"'
local after = text .. '"}],"temperature":0.2,"max_tokens":256}'
local count = math.floor((os.time() % 100000) * 1e7)

function request()
  count = count + 1
  return wrk.format(nil, nil, nil, before .. string.format("%013d ", count) .. after)
end

function done(summary, latency)
  local bad = summary.errors
  io.write(string.format(
    'RESULT {"requests":%d,"microseconds":%d,"p50_us":%d,"p99_us":%d,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), bad.status,
    bad.connect + bad.read + bad.write + bad.timeout))
end
