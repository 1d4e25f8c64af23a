#include "gateway/http/pool.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "gateway/http/dial.hpp"

namespace troupe::http {

/// Watches one idle connection: any news on it (bytes nobody asked for, an end) makes it useless.
struct Pool::Idle final : Listener {
  Bucket* bucket = nullptr;
  std::shared_ptr<Connection> connection;
  void ready() override;
};

struct Pool::Bucket {
  Origin origin;
  std::size_t max_idle = 0;
  std::vector<std::unique_ptr<Idle>> idle;
  std::shared_ptr<TlsSession> session = std::make_shared<TlsSession>();
  std::shared_ptr<boost::asio::ssl::context> tls;
  Error tls_error;
};

void Pool::Idle::ready() {
  auto& all = bucket->idle;
  const auto self = std::find_if(all.begin(), all.end(), [this](const auto& i) { return i.get() == this; });
  connection->close();
  if (self != all.end()) all.erase(self);  // ends *this
}

Pool::Pool(boost::asio::io_context& io, const Clock& clock)
    : io_(io), clock_(clock), alive_(std::make_shared<bool>(true)) {}

Pool::~Pool() {
  *alive_ = false;
  sweep(Duration::zero());
}

Pool::Bucket& Pool::bucket(const Origin& origin, std::size_t max_idle) {
  auto& slot = buckets_[origin.identity()];
  if (!slot) {
    slot = std::make_unique<Bucket>();
    slot->origin = origin;
    if (origin.tls) {
      auto& context = contexts_[origin.ca_file];
      if (!context) {
        auto made = client_context(origin.ca_file);
        if (made) {
          context = *made;
        } else {
          slot->tls_error = made.error();
        }
      }
      slot->tls = context;
    }
  }
  slot->max_idle = max_idle;
  return *slot;
}

std::shared_ptr<Connection> Pool::take(Bucket& bucket) {
  while (!bucket.idle.empty()) {
    auto idle = std::move(bucket.idle.back());
    bucket.idle.pop_back();
    auto connection = std::move(idle->connection);
    connection->listener(nullptr);
    if (!connection->open() || connection->ended()) continue;
    ++reused_;
    ++connection->uses;
    return connection;
  }
  return nullptr;
}

std::shared_ptr<Dialling> Pool::dial(Bucket& bucket, Duration timeout, Listener* listener) {
  auto dialling = std::make_shared<Dialling>();
  dialling->listener = listener;
  if (bucket.origin.tls && !bucket.tls) {
    dialling->done = true;
    dialling->error = bucket.tls_error;
    return dialling;
  }
  ++opened_;
  DialOptions options{&io_, bucket.tls, bucket.session, timeout};
  auto finished = [this, alive = alive_, dialling, home = &bucket](
                      std::exception_ptr, Result<std::shared_ptr<Connection>> result) {
    if (!*alive) return;
    dialling->done = true;
    if (!result) {
      dialling->error = result.error();
    } else if (dialling->listener == nullptr) {
      give(*home, *result);
      return;
    } else {
      dialling->connection = *result;
    }
    if (dialling->listener != nullptr) dialling->listener->ready();
  };
  boost::asio::co_spawn(io_, http::dial(bucket.origin, options), std::move(finished));
  return dialling;
}

void Pool::give(Bucket& bucket, std::shared_ptr<Connection> connection) {
  if (!connection->open() || connection->ended() || !connection->data().empty() ||
      bucket.idle.size() >= bucket.max_idle) {
    connection->close();
    return;
  }
  auto idle = std::make_unique<Idle>();
  idle->bucket = &bucket;
  idle->connection = connection;
  connection->idle_since = clock_.now();
  connection->listener(idle.get());
  bucket.idle.push_back(std::move(idle));
  connection->want_read();
}

void Pool::sweep(Duration age) {
  const Time now = clock_.now();
  for (auto& [id, bucket] : buckets_) {
    std::erase_if(bucket->idle, [&](const auto& idle) {
      if (now - idle->connection->idle_since < age) return false;
      idle->connection->close();
      return true;
    });
  }
}

Pool::Counts Pool::counts() const {
  Counts counts{0, opened_, reused_};
  for (const auto& [id, bucket] : buckets_) counts.idle += bucket->idle.size();
  return counts;
}

}  // namespace troupe::http
