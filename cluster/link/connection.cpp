#include "cluster/link/connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <utility>

namespace troupe::link {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

std::int64_t whole_seconds(Duration span) {
  return ceil_seconds(span);
}

std::string within(const char* what, Duration limit) {
  return std::string("no ") + what + " within " + std::to_string(whole_seconds(limit)) + " s";
}

}  // namespace

Connection::Connection(tcp::socket socket, std::shared_ptr<asio::ssl::context> tls, Terms terms)
    : stream_(std::move(socket), *tls),
      tls_(std::move(tls)),
      terms_(std::move(terms)),
      stage_(Shaking{now() + terms_.limits->handshake}),
      in_(kHelloMax) {}

void Connection::start() {
  if (!terms_.expected.empty()) SSL_set_tlsext_host_name(stream_.native_handle(), terms_.expected.c_str());
  stream_.async_handshake(dialled() ? asio::ssl::stream_base::client : asio::ssl::stream_base::server,
                          [self = shared_from_this()](error_code error) { self->shaken(error); });
}

void Connection::shaken(const error_code& error) {
  if (!std::holds_alternative<Shaking>(stage_)) return;
  if (error)
    return refuse_handshake("TLS: " + handshake_fault(stream_.native_handle(), error) +
                            "; both nodes need certificates of one authority, the one in cluster.tls.ca");
  const auto* cert = SSL_get0_peer_certificate(stream_.native_handle());
  if (!terms_.expected.empty() && !has_dns_name(cert, terms_.expected)) {
    const auto names = dns_names(cert);
    return end("the certificate is that of '" + (names.empty() ? "nobody" : names.front()) + "', not of '" +
               terms_.expected + "'; " + std::string(next_step(Parting::name)));
  }
  stage_ = Greeting{now() + terms_.limits->hello};
  greeting_ = terms_.mine;
  write();
  read();
}

/// A server's alert would be lost if the socket were closed over bytes that were not read: the peer's
/// operator shall see "certificate expired", not "connection reset".
void Connection::refuse_handshake(const std::string& why) {
  if (dialled()) return end(why);
  stage_ = Leaving{now() + terms_.limits->farewell, why};
  error_code ignored;
  stream_.next_layer().shutdown(tcp::socket::shutdown_send, ignored);
  drain();
}

void Connection::drain() {
  const auto room = in_.room();
  stream_.next_layer().async_read_some(asio::buffer(room.data(), room.size()),
                                       [self = shared_from_this()](error_code error, std::size_t) {
                                         const auto* leaving = std::get_if<Leaving>(&self->stage_);
                                         if (leaving == nullptr) return;
                                         error ? self->end(std::string(leaving->why)) : self->drain();
                                       });
}

void Connection::read() {
  const auto room = in_.room();
  stream_.async_read_some(asio::buffer(room.data(), room.size()),
                          [self = shared_from_this()](error_code error, std::size_t n) {
                            if (std::holds_alternative<Ended>(self->stage_)) return;
                            if (error) return self->read_error(error);
                            self->traffic_.bytes_in += n;
                            self->in_.took(n);
                            if (self->take_frames(self->now())) self->read();
                          });
}

void Connection::read_error(const error_code& error) {
  if (const auto* leaving = std::get_if<Leaving>(&stage_)) return end(std::string(leaving->why));
  const auto* up = std::get_if<Up>(&stage_);
  if (up != nullptr && up->moving) return;  // the other connection comes, or silence ends this one
  const bool closed = error == asio::error::eof || error == asio::ssl::error::stream_truncated;
  end(std::string(up ? "" : "before hello: ") + (closed ? "it closed the connection" : error.message()));
}

/// False when nothing more is to be read.
bool Connection::take_frames(Time now) {
  if (auto* up = std::get_if<Up>(&stage_)) up->pulse.heard(now);
  while (const auto body = in_.next()) {
    ++traffic_.frames_in;
    const auto frame = parse(*body);
    if (frame) {
      handle(*frame, now);
    } else {
      part(Parting::garbled);
    }
    if (std::holds_alternative<Ended>(stage_)) return false;
  }
  if (!in_.oversized()) return true;
  // What follows cannot be understood, but is read so that the goodbye arrives.
  part(Parting::garbled, "a frame above the limit");
  if (!std::holds_alternative<Ended>(stage_)) drain();
  return false;
}

void Connection::handle(const Frame& frame, Time now) {
  if (const auto* goodbye = std::get_if<Goodbye>(&frame)) return handle_goodbye(*goodbye);
  if (std::holds_alternative<Greeting>(stage_)) {
    const auto* hello = std::get_if<Hello>(&frame);
    return hello ? handle_hello(*hello) : part(Parting::garbled, "no hello first");
  }
  if (const auto* data = std::get_if<Data>(&frame)) return terms_.owner->received(*this, data->payload);
  auto* up = std::get_if<Up>(&stage_);
  if (up == nullptr) return;  // leaving: only messages still count
  if (const auto* ping = std::get_if<Ping>(&frame)) {
    pong_ = Pong{ping->at, static_cast<std::uint64_t>(now.time_since_epoch().count())};
    write();
  } else if (const auto* pong = std::get_if<Pong>(&frame)) {
    const auto sent = Time(Duration(static_cast<std::int64_t>(pong->at)));
    const auto there = Duration(static_cast<std::int64_t>(pong->here));
    if (up->pulse.pong(sent, now)) terms_.owner->timed(*this, sent, now, there);
  } else {
    part(Parting::garbled, "a second hello");
  }
}

void Connection::handle_hello(const Hello& hello) {
  if (hello.version != kProtocol) {
    const auto text = "version " + std::to_string(hello.version) + " is not spoken here, version " +
                      std::to_string(kProtocol) + " is";
    return part(Parting::version, text);
  }
  if (hello.cluster != terms_.mine.cluster) return part(Parting::cluster);
  const bool named = has_dns_name(SSL_get0_peer_certificate(stream_.native_handle()), hello.node);
  if (!named || (!terms_.expected.empty() && hello.node != terms_.expected)) return part(Parting::name);
  hello_ = hello;
  terms_.owner->greeted(*this);
}

void Connection::handle_goodbye(const Goodbye& goodbye) {
  if (auto* up = std::get_if<Up>(&stage_); up != nullptr && goodbye.why == Parting::duplicate) {
    up->moving = true;
    return;
  }
  if (std::holds_alternative<Leaving>(stage_)) return;
  const auto text = goodbye.text.empty() ? std::string(words(goodbye.why)) : goodbye.text;
  const bool leaves = goodbye.why == Parting::stopping;
  if (leaves) return end("it said goodbye: " + text);
  end("it refused us: " + text + "; " + std::string(next_step(goodbye.why)));
}

void Connection::admit() {
  stage_ = Up{Pulse(terms_.limits->rhythm, now())};
  in_.raise_cap(kFrameMax);
  write();
}

void Connection::part(Parting why, std::string_view text) {
  if (std::holds_alternative<Leaving>(stage_) || std::holds_alternative<Ended>(stage_)) return;
  const auto reason = "we refused it: " + std::string(text.empty() ? words(why) : text);
  if (std::holds_alternative<Shaking>(stage_)) return end(reason);
  farewell_ = Goodbye{why, std::string(text)};
  stage_ = Leaving{now() + terms_.limits->farewell, reason};
  write();
}

void Connection::end(const std::string& why) {
  if (std::holds_alternative<Ended>(stage_)) return;
  const auto self = shared_from_this();  // the owner may let go of us
  abort();
  terms_.owner->ended(*this, why);
}

void Connection::abort() {
  stage_ = Ended{};
  error_code ignored;
  stream_.next_layer().close(ignored);
}

void Connection::wake() {
  if (std::holds_alternative<Up>(stage_)) write();
}

const Pulse* Connection::pulse() const {
  const auto* up = std::get_if<Up>(&stage_);
  return up ? &up->pulse : nullptr;
}

void Connection::tick(Time now) {
  const auto& limits = *terms_.limits;
  if (const auto* s = std::get_if<Shaking>(&stage_)) {
    if (now >= s->due) end(within("TLS handshake", limits.handshake));
  } else if (const auto* g = std::get_if<Greeting>(&stage_)) {
    if (now >= g->due) end(within("hello", limits.hello));
  } else if (const auto* l = std::get_if<Leaving>(&stage_)) {
    if (now >= l->due) end(std::string(l->why));
  } else if (auto* up = std::get_if<Up>(&stage_)) {
    if (up->pulse.silent(now)) return end(within("sign of life", limits.rhythm.silence));
    if (writing_ && now - progress_ >= limits.rhythm.silence)
      return end("it has read nothing for " + std::to_string(whole_seconds(limits.rhythm.silence)) + " s");
    if (!up->pulse.ping_due(now)) return;
    ping_ = Ping{static_cast<std::uint64_t>(now.time_since_epoch().count())};
    write();
  }
}

}  // namespace troupe::link
