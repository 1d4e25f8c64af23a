#pragma once
// Open connections to providers, of one I/O thread: no locks.
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/result.hpp"
#include "gateway/http/connection.hpp"
#include "gateway/http/origin.hpp"
#include "gateway/http/tls.hpp"

namespace troupe::http {

/// A connection being opened. The pool keeps it going when its asker is gone and takes what comes of it.
struct Dialling {
  Listener* listener = nullptr;  ///< told when `done`; null it to abandon
  bool done = false;
  std::shared_ptr<Connection> connection;  ///< set on success
  Error error;                             ///< set on failure
};

class Pool {
 public:
  Pool(boost::asio::io_context& io, const Clock& clock);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  struct Bucket;
  /// The bucket of an origin; valid as long as the pool. Look it up once per endpoint, not per request.
  Bucket& bucket(const Origin& origin, std::size_t max_idle);

  /// An idle connection, the most recently used first; nullptr when there is none. One that the peer closed
  /// while idle is never handed out.
  std::shared_ptr<Connection> take(Bucket& bucket);
  /// Opens a new one.
  std::shared_ptr<Dialling> dial(Bucket& bucket, Duration timeout, Listener* listener);
  /// Gives back a connection whose answer was read to its end; closed when the bucket is full.
  void give(Bucket& bucket, std::shared_ptr<Connection> connection);
  /// Closes idle connections older than `age`; all of them with zero.
  void sweep(Duration age);

  struct Counts {
    std::size_t idle = 0;
    std::uint64_t opened = 0, reused = 0;
  };
  Counts counts() const;

 private:
  struct Idle;
  boost::asio::io_context& io_;
  const Clock& clock_;
  std::unordered_map<std::string, std::unique_ptr<Bucket>> buckets_;
  std::unordered_map<std::string, std::shared_ptr<boost::asio::ssl::context>> contexts_;
  std::shared_ptr<bool> alive_;
  std::uint64_t opened_ = 0, reused_ = 0;
};

}  // namespace troupe::http
