#pragma once
// One connection between two nodes: TLS, hello, heartbeats, frames both ways. The owner decides who may stay.
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "cluster/link/frame.hpp"
#include "cluster/link/pulse.hpp"
#include "cluster/link/rivals.hpp"
#include "cluster/link/settings.hpp"
#include "cluster/link/splitter.hpp"
#include "core/time.hpp"

namespace troupe::link {

class Connection;

/// Who owns connections. Called on the I/O thread, never from within a constructor or abort().
class Owner {
 public:
  virtual ~Owner() = default;
  /// A hello of our version and cluster, with a name that the certificate has. Answer with admit() or part().
  virtual void greeted(Connection& from) = 0;
  /// A message; the view is valid during the call. Also after part(), until the peer has closed its side.
  virtual void received(Connection& from, std::string_view payload) = 0;
  /// There is room to write: append data frames until there are `enough` bytes. Returns how many frames.
  virtual std::size_t fill(Connection& to, std::string& batch, std::size_t enough) = 0;
  /// An answered heartbeat: the peer's monotonic clock showed `there` between `sent` and `received`.
  virtual void timed(Connection& from, Time sent, Time received, Duration there) = 0;
  /// Once, as the last call. `why` is for people.
  virtual void ended(Connection& which, const std::string& why) = 0;
};

/// What went through since the last reading.
struct Traffic {
  std::uint64_t bytes_in = 0, bytes_out = 0, frames_in = 0, frames_out = 0;
};

/// What a connection is begun with. `owner`, `limits` and `clock` outlive it.
struct Terms {
  Owner* owner = nullptr;
  const Limits* limits = nullptr;
  const Clock* clock = nullptr;
  Hello mine;
  std::string expected;  ///< the name that was dialled; empty: whoever it is
  bool dialled = false;  ///< by us
};

/// Held by shared_ptr: its own operations keep it alive until ended. One thread. Deadlines are looked at in
/// tick() only.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(boost::asio::ip::tcp::socket socket, std::shared_ptr<boost::asio::ssl::context> tls,
             Terms terms);

  /// Begins the handshake, as the client when a name is expected.
  void start();
  void tick(Time now);
  /// The hello is good: frames may flow.
  void admit();
  /// Says goodbye and ends when the peer has closed, or after the farewell time.
  void part(Parting why, std::string_view text = {});
  /// Ends at once. The owner is told like with any other end, but not after abort().
  void end(const std::string& why);
  void abort();
  /// There may be something to fill().
  void wake();

  bool dialled() const { return terms_.dialled; }
  bool admitted() const { return std::holds_alternative<Up>(stage_); }
  /// The peer's; empty before greeted().
  const Hello& hello() const { return hello_; }
  Side side() const { return {hello_.incarnation, hello_.nonce, dialled()}; }
  /// The dialled name, or the one in the hello.
  const std::string& peer() const { return terms_.expected.empty() ? hello_.node : terms_.expected; }
  /// nullptr unless admitted.
  const Pulse* pulse() const;
  Traffic take_traffic() { return std::exchange(traffic_, {}); }

 private:
  struct Shaking {
    Time due;
  };
  struct Greeting {
    Time due;
  };
  struct Up {
    Pulse pulse;
    bool moving = false;  ///< the peer goes on on another connection, which is not here yet
  };
  struct Leaving {
    Time due;
    std::string why;
  };
  struct Ended {};

  Time now() const { return terms_.clock->now(); }
  void shaken(const boost::system::error_code& error);
  void refuse_handshake(const std::string& why);
  void drain();
  void read();
  void read_error(const boost::system::error_code& error);
  bool take_frames(Time now);
  void handle(const Frame& frame, Time now);
  void handle_hello(const Hello& hello);
  void handle_goodbye(const Goodbye& goodbye);
  void write();
  void compose();
  void write_some();
  void wrote(const boost::system::error_code& error, std::size_t n);

  boost::asio::ssl::stream<boost::asio::ip::tcp::socket> stream_;
  std::shared_ptr<boost::asio::ssl::context> tls_;
  Terms terms_;
  std::variant<Shaking, Greeting, Up, Leaving, Ended> stage_;
  Hello hello_;
  Splitter in_;
  // At most one of each waits, whatever the peer asks for.
  std::optional<Hello> greeting_;
  std::optional<Ping> ping_;
  std::optional<Pong> pong_;
  std::optional<Goodbye> farewell_;
  std::string batch_;
  std::size_t written_ = 0;
  bool writing_ = false, last_batch_ = false;
  Time progress_{};  // of the running write
  Traffic traffic_;
};

}  // namespace troupe::link
