#include "cluster/link/dial.hpp"

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/post.hpp>
#include <charconv>
#include <utility>

namespace troupe::link {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

std::optional<HostPort> split_address(std::string_view address) {
  const auto colon = address.rfind(':');
  if (colon == address.npos || colon == 0) return std::nullopt;
  auto host = address.substr(0, colon);
  const auto port = address.substr(colon + 1);
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (error != std::errc{} || end != port.data() + port.size()) return std::nullopt;
  const bool bracketed = host.front() == '[' && host.back() == ']' && host.size() > 2;
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (!bracketed && host.find(':') != host.npos) return std::nullopt;
  return HostPort{std::string(host), std::string(port)};
}

void Dial::start(const std::string& address, Done done) {
  cancel();
  done_ = std::move(done);
  const auto round = ++round_;
  // Whatever is found out at once is told later, so that the owner is never called from its own call.
  const auto later = [self = shared_from_this(), round](std::string why, Addresses addresses) {
    if (self->round_ == round && self->done_) self->found(std::move(why), std::move(addresses));
  };
  const auto parts = split_address(address);
  if (!parts) {
    asio::post(io_, [later] { later("it is no address", {}); });
    return;
  }
  error_code error;
  const auto literal = asio::ip::make_address(parts->host, error);
  if (!error) {
    const auto port = static_cast<std::uint16_t>(std::stoul(parts->port));
    asio::post(io_, [later, end = tcp::endpoint(literal, port)] { later({}, {end}); });
    return;
  }
  if (lookup_ && looked_up_ == address && lookup_->adopt(later)) return;
  lookup_ = Lookup::start(io_.get_executor(), parts->host, parts->port, later);
  looked_up_ = address;
}

void Dial::found(std::string why, Addresses addresses) {
  if (!why.empty()) return finish("the address is of no use: " + why);
  if (addresses.empty()) return finish("the name has no address");
  std::rotate(addresses.begin(), addresses.begin() + static_cast<long>(attempts_++ % addresses.size()),
              addresses.end());
  auto list = std::make_shared<Addresses>(std::move(addresses));
  auto socket = socket_ = std::make_shared<tcp::socket>(io_);
  asio::async_connect(
      *socket, *list,
      [self = shared_from_this(), socket, list, round = round_](error_code error, const auto&) {
        if (self->round_ != round || !self->done_) return;
        self->finish(error ? error.message() : std::string());
      });
}

void Dial::finish(std::string why) {
  auto done = std::exchange(done_, nullptr);
  auto socket = std::exchange(socket_, nullptr);
  error_code ignored;
  if (why.empty()) socket->set_option(tcp::no_delay(true), ignored);
  const bool good = why.empty();
  done(std::move(why), good ? std::move(*socket) : tcp::socket(io_));
}

void Dial::cancel() {
  ++round_;
  done_ = nullptr;
  if (lookup_) lookup_->cancel();
  error_code ignored;
  if (socket_) socket_->close(ignored);
  socket_.reset();
}

}  // namespace troupe::link
