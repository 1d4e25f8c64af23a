#pragma once
// A source of credentials as a state machine: it says which request to make next and takes the answer.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "gateway/cloud/ask.hpp"
#include "gateway/cloud/renewal.hpp"
#include "gateway/cloud/sigv4.hpp"

namespace troupe::cloud {

/// What proves who we are, for some time.
struct Credential {
  AwsKey aws;           ///< for signatures
  Secret bearer;        ///< an OAuth token
  std::string project;  ///< whom Google bills; "" = whose token it is
  /// Counts up with every renewal; tells a rejection of an old one from that of the current one.
  std::uint64_t version = 0;
};

/// Drives Renewal and one fetch at a time, of one or more requests. Errors say what is wrong and where it was
/// looked, never a secret and never what a server wrote, but for its short error code.
class Source {
 public:
  virtual ~Source() = default;

  /// The request to send now; nullopt when none is due or one is under way. May read files.
  std::optional<Ask> next(Moment at);
  /// The answer to the last request.
  void answered(const Reply& reply, Moment at);
  /// There is none; `why` is the transport's.
  void unanswered(std::string_view why, Moment at);

  /// What is to be used now; nullptr when there is none (yet), or it has ended. Valid until the next call of
  /// another method.
  const Credential* current(Time now) const;
  /// Why the last fetch failed; cleared by the next one that does not.
  const std::optional<Error>& problem() const { return problem_; }
  /// The provider says that this version has expired or is unknown. True: ask again for a newer one (it is
  /// there or will be fetched). False: the provider would say so again.
  bool rejected(std::uint64_t version, Time now);
  /// When next() has something to do again; kNever while an answer is awaited.
  Time due() const { return follow_up_ ? Time::min() : renewal_.at(); }

 protected:
  struct Fetched {
    Credential credential;
    Time end = kNever;
  };
  /// What a step leads to: another request, the credential, or the end of this try.
  using Step = std::variant<Ask, Fetched, Error>;

 private:
  virtual Step begin(Moment at) = 0;
  virtual Step go_on(const Reply& reply, Moment at) = 0;
  /// What to say when nothing answers the request under way.
  virtual Error silence(std::string_view why) = 0;
  void take(Step step, Moment at);
  void give_up(Error why, Time now);

  Renewal renewal_;
  std::optional<Ask> follow_up_;
  std::optional<Credential> held_;
  std::optional<Error> problem_;
  std::uint64_t version_ = 0;
};

/// What a refusal with this status means: the far side's trouble (provider_server_error) for 429 and 5xx,
/// else a credential that will not do (provider_key_dead).
Fault refusal_fault(int status);

/// "invalid_grant": a short code from an answer, or `otherwise` when it does not look like one.
std::string short_code(std::string_view text, std::string_view otherwise);

}  // namespace troupe::cloud
