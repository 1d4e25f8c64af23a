#pragma once
// The inside of the link: who is connected, whom to dial, which of two connections survives.
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cluster/link/backoff.hpp"
#include "cluster/link/board.hpp"
#include "cluster/link/clock_rate.hpp"
#include "cluster/link/connection.hpp"
#include "cluster/link/dial.hpp"
#include "cluster/link/link.hpp"

namespace troupe::link {

/// Says why there is no connection, once per reason and each five minutes.
class Complaint {
 public:
  void say(std::string_view peer, std::string_view address, const std::string& reason, Time now);
  void withdraw() { said_.clear(); }

 private:
  std::string said_;
  Time again_{};
};

/// An address without a name.
struct Seed {
  Seed(boost::asio::io_context& io, const Limits& limits)
      : backoff(limits.backoff, limits.backoff_max), dial(std::make_shared<Dial>(io)) {}

  std::string address;
  Backoff backoff;
  Complaint complaint;
  Time dial_at{}, dial_due{};
  std::shared_ptr<Dial> dial;
  std::shared_ptr<Connection> opening;
};

/// One name: what is wanted of it and what there is.
struct Peer {
  Peer(boost::asio::io_context& io, const Limits& limits)
      : backoff(limits.backoff, limits.backoff_max), dial(std::make_shared<Dial>(io)) {}

  bool listed = false;
  Backoff backoff;
  Complaint complaint;
  Time dial_at{};   ///< not before
  Time dial_due{};  ///< of the running dial
  std::shared_ptr<Dial> dial;
  std::shared_ptr<Connection> opening;   ///< dialled, not yet admitted
  std::shared_ptr<Connection> standing;  ///< admitted
  std::uint64_t nonce = 0;               ///< of the last process that was up; 0: none
  ClockRate clock;                       ///< of that process
  PeerStats stats;
};

/// Everything but post() and the figures happens on the I/O thread.
class Hub final : public Owner, public std::enable_shared_from_this<Hub> {
 public:
  Hub(boost::asio::io_context& io, const Settings& settings, Callbacks callbacks, const Clock& clock,
      Random random);
  ~Hub() override;

  Result<void> listen();
  void begin();
  void tick();
  void set_peers(const std::vector<Endpoint>& peers);
  void set_seeds(const std::vector<std::string>& addresses);
  void use(TlsPair tls) { tls_ = std::move(tls); }
  void flush();
  void stop();
  /// No callback from now on; any thread.
  void mute() { muted_ = true; }

  boost::asio::io_context& io() { return io_; }
  Board& board() { return board_; }
  const std::string& node() const { return settings_.node; }
  const std::string& address() const { return address_; }

  void greeted(Connection& from) override;
  void received(Connection& from, std::string_view payload) override;
  std::size_t fill(Connection& to, std::string& batch, std::size_t enough) override;
  void ended(Connection& which, const std::string& why) override;
  void timed(Connection& from, Time sent, Time received, Duration there) override;

 private:
  using Held = std::shared_ptr<Connection>;

  bool speaks() const { return !stopped_ && !muted_; }
  bool may_join(const std::string& name) const;
  void arm();
  void accept();
  void welcome(boost::asio::ip::tcp::socket socket);
  void make_room_for_strangers();
  Held hold(boost::asio::ip::tcp::socket socket, const std::string& expected, bool dialled);
  Peer& peer(const std::string& name);
  void forget(const std::string& name);
  void unlist(const std::string& name);
  void dial_those_due(Time now);
  void dial(Peer& peer, Time now);
  void dialled(const std::string& name, const std::string& why, boost::asio::ip::tcp::socket socket);
  void failed(Peer& peer, const std::string& why);
  void dial_seeds(Time now);
  void failed(Seed& seed, const std::string& why);
  bool let_go_seed(const Connection& connection, const std::string& why);
  void refuse(Connection& from, Parting why);
  void contend(Peer& peer, Connection& newcomer);
  void stand(Peer& peer, Connection& connection);
  void up(Peer& peer, Connection& connection);
  void down(Peer& peer, const std::string& why);
  void count(Connection& connection);
  void publish(Time now);

  boost::asio::io_context& io_;
  Settings settings_;
  Callbacks callbacks_;
  const Clock& clock_;
  Random random_;
  std::uint64_t nonce_;
  TlsPair tls_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer timer_;
  std::string address_;
  Board board_;
  std::map<std::string, Peer> peers_;
  std::list<Seed> seeds_;
  std::list<Held> connections_;  // in the order in which they began
  RefusedStats refused_;
  std::uint64_t refused_logged_ = 0;
  Time log_at_{};
  bool accepting_ = false, stopped_ = false;
  std::atomic<bool> muted_ = false;
};

}  // namespace troupe::link
