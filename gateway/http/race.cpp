#include "gateway/http/race.hpp"

#include <boost/asio/error.hpp>

namespace troupe::http {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {
constexpr auto kStagger = std::chrono::milliseconds(250);  // RFC 8305 section 5: Connection Attempt Delay
}

std::vector<tcp::endpoint> interleave(const std::vector<tcp::endpoint>& endpoints) {
  std::vector<tcp::endpoint> families[2];
  if (endpoints.empty()) return {};
  const bool first_v6 = endpoints.front().address().is_v6();
  for (const auto& e : endpoints) families[e.address().is_v6() == first_v6 ? 0 : 1].push_back(e);
  std::vector<tcp::endpoint> out;
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    for (const auto& family : families) {
      if (i < family.size()) out.push_back(family[i]);
    }
  }
  return out;
}

Race::Race(asio::io_context& io, std::vector<tcp::endpoint> endpoints)
    : io_(io), endpoints_(std::move(endpoints)), stagger_(io) {}

void Race::start(Done done) {
  done_ = std::move(done);
  if (endpoints_.empty()) return finish(asio::error::host_not_found, tcp::socket(io_));
  next();
}

void Race::next() {
  if (!done_ || started_ == endpoints_.size()) return;
  auto socket = std::make_shared<tcp::socket>(io_);
  const auto endpoint = endpoints_[started_++];
  running_.push_back(socket);
  socket->async_connect(endpoint, [self = shared_from_this(), socket](boost::system::error_code error) {
    if (!self->done_) return;
    if (!error) return self->finish({}, std::move(*socket));
    self->last_error_ = error;
    if (++self->failed_ == self->endpoints_.size()) return self->finish(error, tcp::socket(self->io_));
    self->next();
  });
  stagger_.expires_after(kStagger);
  stagger_.async_wait([self = shared_from_this()](boost::system::error_code error) {
    if (!error) self->next();
  });
}

void Race::finish(boost::system::error_code error, tcp::socket socket) {
  auto done = std::move(done_);
  done_ = nullptr;
  stagger_.cancel();
  boost::system::error_code ignored;
  for (auto& other : running_) other->close(ignored);
  running_.clear();
  if (done) done(error, std::move(socket));
}

void Race::cancel() {
  if (done_) finish(asio::error::operation_aborted, tcp::socket(io_));
}

}  // namespace troupe::http
