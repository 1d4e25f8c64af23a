// What a translation costs between each pair of dialects: a request of 4 kB, and one event of a stream that
// fills about 300 bytes on the wire. `translate_bench [rounds]`. CPU time of this process, so that neighbours
// do not count.
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gateway/dialects/codec.hpp"
#include "gateway/dialects/request.hpp"
#include "gateway/providers/adapter.hpp"
#include "gateway/providers/codecs.hpp"
#include "gateway/providers/translate.hpp"

using namespace troupe;
using namespace troupe::dialects;

namespace {

constexpr std::size_t kRequest = 4096, kEvent = 300;

double cpu_us() {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  const auto micros = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
  };
  return micros(use.ru_utime) + micros(use.ru_stime);
}

/// A talk with a system text, a tool, a call with its result, and a question: 4 kB in each dialect, more or
/// less.
Conversation talk() {
  Conversation out;
  out.model = "m";
  out.stream = true;
  out.sampling.max_output = 500;
  const auto words = [](std::size_t size) {
    std::string text;
    while (text.size() < size) text += "The quick brown fox, who'd jumped over \"lazy\" dogs, slept.\n";
    return Part{Text{std::move(text), {}, nullptr}};
  };
  out.messages.push_back({Role::system, {words(800)}, ""});
  out.messages.push_back({Role::user, {words(900)}, ""});
  ToolCall call;
  call.id = "call_000000001";
  call.name = "look";
  call.arguments = R"({"at":"the weather in Paris","days":3})";
  out.messages.push_back({Role::assistant, {words(300), {call}}, ""});
  out.messages.push_back(
      {Role::tool, {{ToolResult{call.id, call.name, {words(600)}, false, false, nullptr}}}, ""});
  out.messages.push_back({Role::user, {words(700)}, ""});
  Tool tool;
  tool.name = "look";
  tool.description = "Looks at the weather of a place for so many days.";
  tool.parameters =
      Json::parse(R"({"type":"object","properties":{"at":{"type":"string"},"days":{"type":"integer"}},
                                   "required":["at"]})");
  out.tools.push_back(std::move(tool));
  return out;
}

std::string body_of(Dialect dialect) {
  auto body = providers::codec(dialect).encode_request(talk(), {"m", "openai", true});
  if (body) return std::move(*body);
  std::fprintf(stderr, "%s\n", body.error().message.c_str());
  std::exit(1);
}

/// So many text events in this dialect, without its beginning and its end.
std::string events_of(Dialect dialect, int count) {
  Framing framing;
  framing.id = "chatcmpl-000000000000000000000001";
  framing.model = "gpt-4o-2024-08-06";
  const auto encoder = providers::codec(dialect).stream_encoder(framing);
  encoder->begin(framing.id, framing.model, 1700000000);
  encoder->text("Hello");
  const auto lead = encoder->out.size();
  encoder->text("a");
  const auto frame = encoder->out.size() - lead;
  encoder->out.clear();
  const std::string text(frame < kEvent ? kEvent - frame : 1, 'a');
  for (int i = 0; i < count; ++i) encoder->text(text);
  return encoder->out;
}

std::string opening_of(Dialect dialect) {
  const auto encoder = providers::codec(dialect).stream_encoder({"id", "m", 7, false, nullptr, {}});
  encoder->begin("id", "m", 7);
  encoder->text("Hello");
  return encoder->out;
}

struct Inbound {
  Operation operation;
  Dialect dialect;
};
constexpr Inbound kInbound[] = {{Operation::chat, Dialect::chat},
                                {Operation::responses, Dialect::responses},
                                {Operation::messages, Dialect::anthropic}};
constexpr Dialect kWires[] = {Dialect::chat, Dialect::responses, Dialect::anthropic, Dialect::gemini,
                              Dialect::converse};

/// What a session does with a body: read what routing wants to know, and write what the provider takes.
double request_us(const Inbound& inbound, Dialect wire, int rounds) {
  const auto body = body_of(inbound.dialect);
  std::size_t written = 0;
  const auto begin = cpu_us();
  for (int i = 0; i < rounds; ++i) {
    const auto request = parse_request(inbound.operation, body);
    if (!request) std::exit(1);
    const auto out = providers::write_request(*request, wire, {"m", "openai", true});
    if (!out) std::exit(1);
    written += out->size();
  }
  const auto spent = cpu_us() - begin;
  return written > 0 ? spent / rounds : 0;
}

/// Chat completions have a reader of their own for those who speak them.
std::unique_ptr<providers::StreamReader> reader_of(const Request& request, Dialect wire) {
  if (wire == Dialect::chat) return providers::adapter(config::ProviderType::openai).stream(request, {});
  return providers::read_stream(request, wire);
}

/// What the relay does with an event, as the adapter of this wire does it.
double event_us(const Inbound& inbound, Dialect wire, int rounds) {
  constexpr int kAtOnce = 64;
  const auto request = parse_request(inbound.operation, body_of(inbound.dialect));
  const auto opening = opening_of(wire), events = events_of(wire, kAtOnce);
  const std::size_t frame = events.size() / kAtOnce;
  std::string out;
  double spent = 0;
  for (int done = 0; done < rounds; done += kAtOnce) {
    const auto reader = reader_of(*request, wire);
    reader->feed(opening, out);
    const auto begin = cpu_us();
    for (std::size_t at = 0; at + frame <= events.size(); at += frame) {
      reader->feed(std::string_view(events).substr(at, frame), out);
      out.clear();
    }
    spent += cpu_us() - begin;
    if (reader->failure) std::exit(1);
  }
  const int whole = (rounds + kAtOnce - 1) / kAtOnce * kAtOnce;
  return spent / whole;
}

}  // namespace

int main(int count, char** words) {
  const int rounds = count > 1 ? std::atoi(words[1]) : 2000;
  std::printf("%-12s %-12s %14s %14s\n", "client", "provider", "request us", "event us");
  for (const auto& inbound : kInbound) {
    for (const auto wire : kWires) {
      const auto asked = request_us(inbound, wire, rounds), told = event_us(inbound, wire, rounds * 10);
      const bool spliced = inbound.dialect == wire;
      std::printf("%-12s %-12s %14.2f %14.3f%s\n", std::string(name(inbound.dialect)).c_str(),
                  std::string(name(wire)).c_str(), asked, told, spliced ? "  spliced" : "");
    }
  }
  return 0;
}
