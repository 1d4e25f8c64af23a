#pragma once
// Which fields of each message travel, and in what order. A new field goes last; kProtocol changes with it.
#include <tuple>

#include "actors/policy/cache/messages.hpp"
#include "actors/policy/users/messages.hpp"
#include "cluster/errands/messages.hpp"
#include "cluster/keyring/messages.hpp"
#include "cluster/members/messages.hpp"
#include "cluster/money/messages.hpp"
#include "cluster/permits/messages.hpp"

namespace troupe::wire {

/// Specialised for every struct that travels: `of(value)` ties its fields.
template <class T>
struct Fields;

#define TROUPE_FIELDS(Type, ...)    \
  template <>                       \
  struct Fields<Type> {             \
    template <class Value>          \
    static auto of(Value& v) {      \
      return std::tie(__VA_ARGS__); \
    }                               \
  }

TROUPE_FIELDS(cluster::SessionId, v.node, v.incarnation, v.serial);
TROUPE_FIELDS(cluster::Epoch, v.number, v.holder, v.incarnation);
TROUPE_FIELDS(cluster::Stamp, v.epoch, v.seq);
TROUPE_FIELDS(cluster::LimitSpec, v.id, v.kind, v.units, v.window, v.quantum);
TROUPE_FIELDS(cluster::Counters, v.granted, v.used, v.returned);
TROUPE_FIELDS(cluster::Change, v.what, v.session, v.limit, v.units, v.remaining, v.spec);
TROUPE_FIELDS(cluster::Snapshot::Book, v.spec, v.pool, v.unknown, v.unknown_for, v.cooling);
TROUPE_FIELDS(cluster::Snapshot::Account, v.id, v.frozen, v.touched, v.frozen_since, v.counters);
TROUPE_FIELDS(cluster::Snapshot, v.books, v.accounts);
TROUPE_FIELDS(cluster::Prepare, v.epoch, v.asked, v.probe);
TROUPE_FIELDS(cluster::Promise, v.epoch, v.asked, v.probe, v.incarnation, v.knowledge, v.lineage, v.stamp,
              v.copy);
TROUPE_FIELDS(cluster::Refusal, v.epoch, v.seen);
TROUPE_FIELDS(cluster::Release, v.epoch);
TROUPE_FIELDS(cluster::Append, v.epoch, v.asked, v.incarnation, v.lineage, v.first, v.changes, v.whole);
TROUPE_FIELDS(cluster::Ack, v.epoch, v.asked, v.incarnation, v.whole_wanted, v.seq);
TROUPE_FIELDS(cluster::ReportLine, v.limit, v.used, v.returned, v.granted_seen, v.want, v.head, v.available,
              v.rate, v.spec);
TROUPE_FIELDS(cluster::Claim::Use, v.limit, v.age, v.units);
TROUPE_FIELDS(cluster::Claim, v.held, v.used);
TROUPE_FIELDS(cluster::Report, v.session, v.seq, v.asked, v.lineage, v.claim, v.lines, v.leaving, v.whole);
TROUPE_FIELDS(cluster::GrantLine, v.limit, v.granted, v.hold, v.urgent, v.units, v.left, v.next_ms,
              v.full_ms);
TROUPE_FIELDS(cluster::Grant, v.session, v.lineage, v.asked, v.seq, v.lines);
TROUPE_FIELDS(cluster::UnknownSession, v.session, v.lineage, v.claim_refused);
TROUPE_FIELDS(cluster::InOffice, v.epoch);

TROUPE_FIELDS(members::Member, v.name, v.address, v.incarnation, v.serial, v.state, v.voter, v.draining,
              v.revision, v.configuration);
TROUPE_FIELDS(members::Line, v.name, v.incarnation, v.serial, v.state);
TROUPE_FIELDS(members::Join, v.self);
TROUPE_FIELDS(members::Welcome, v.members);
TROUPE_FIELDS(members::Gossip, v.fingerprint, v.news);
TROUPE_FIELDS(members::Digest, v.whole, v.lines);
TROUPE_FIELDS(members::Records, v.members);
TROUPE_FIELDS(members::Want, v.names);
TROUPE_FIELDS(members::Inquiry, v.about, v.incarnation);
TROUPE_FIELDS(members::Voucher, v.about, v.incarnation);
TROUPE_FIELDS(members::Stamp, v.version, v.node, v.incarnation);
TROUPE_FIELDS(members::Fact, v.key, v.revision, v.aspect, v.stamp, v.value, v.remaining_ms);
TROUPE_FIELDS(members::HealthNews, v.facts);

TROUPE_FIELDS(errands::Ask, v.id, v.what, v.text);
TROUPE_FIELDS(errands::Told, v.id, v.status, v.text);

TROUPE_FIELDS(money::Holder, v.node, v.ledger);
TROUPE_FIELDS(money::Share, v.granted, v.released, v.spent, v.doubt);
TROUPE_FIELDS(money::Record, v.id, v.stamp, v.cap, v.until, v.shares, v.reached, v.told);
TROUPE_FIELDS(money::Read, v.epoch);
TROUPE_FIELDS(money::Copy, v.epoch, v.ledger, v.filled, v.records);
TROUPE_FIELDS(money::Store, v.epoch, v.ledger, v.whole, v.confirm, v.records);
TROUPE_FIELDS(money::Stored, v.epoch, v.ledger, v.filled, v.numbers);
TROUPE_FIELDS(money::Refusal, v.epoch, v.seen);
TROUPE_FIELDS(money::StatementLine, v.budget, v.spent, v.doubt, v.mark, v.released, v.granted_seen, v.free,
              v.want, v.head);
TROUPE_FIELDS(money::Statement, v.holder, v.incarnation, v.seq, v.lines, v.owners, v.told);
TROUPE_FIELDS(money::AllotmentLine, v.budget, v.granted, v.recall, v.keep, v.left, v.cap, v.spent, v.doubt,
              v.lost, v.held, v.beside);
TROUPE_FIELDS(money::Allotment, v.holder, v.incarnation, v.seq, v.lines);

TROUPE_FIELDS(keyring::Stamp, v.ms, v.node);
TROUPE_FIELDS(keyring::Former, v.hash, v.prefix, v.until);
TROUPE_FIELDS(keyring::Policy, v.models, v.providers, v.ip, v.tags, v.expires, v.request_class, v.rpm, v.tpm,
              v.itpm, v.otpm, v.rpd, v.tpd, v.concurrency, v.usd, v.period, v.rolling);
TROUPE_FIELDS(keyring::Record, v.id, v.made, v.tenant, v.name, v.policy, v.turned, v.hash, v.prefix, v.former,
              v.revoked);
TROUPE_FIELDS(keyring::Line, v.id, v.version);
TROUPE_FIELDS(keyring::Digest, v.whole, v.back);
TROUPE_FIELDS(keyring::Sums, v.heaps);
TROUPE_FIELDS(keyring::Lines, v.heaps, v.lines);
TROUPE_FIELDS(keyring::Want, v.ids);
TROUPE_FIELDS(keyring::News, v.records);
TROUPE_FIELDS(keyring::Noted, v.lines);
TROUPE_FIELDS(cache::Digest, v.a, v.b, v.c, v.d);
TROUPE_FIELDS(cache::Entry, v.tenant, v.provider, v.key, v.model, v.body, v.stream, v.input, v.output,
              v.picos);
TROUPE_FIELDS(cache::Look, v.key, v.id, v.max_age);
TROUPE_FIELDS(cache::Hit, v.key, v.id, v.entry, v.age);
TROUPE_FIELDS(cache::Lead, v.key, v.id);
TROUPE_FIELDS(cache::Wait, v.key, v.id);
TROUPE_FIELDS(cache::Renew, v.key, v.id);
TROUPE_FIELDS(cache::Fill, v.key, v.id, v.entry, v.ttl);
TROUPE_FIELDS(cache::Drop, v.key, v.id, v.open);
TROUPE_FIELDS(cache::Flush, v.all, v.tenant);

TROUPE_FIELDS(users::Amounts, v.requests, v.tokens, v.input, v.output);
TROUPE_FIELDS(users::Cooled, v.window, v.age, v.amount);
TROUPE_FIELDS(users::Left, v.limit, v.remaining, v.reset);
TROUPE_FIELDS(users::Decision, v.granted, v.reason, v.limit, v.retry, v.requests, v.tokens);
TROUPE_FIELDS(users::Use, v.age, v.amounts);
TROUPE_FIELDS(users::Line, v.user, v.version, v.born, v.issued, v.open, v.calls, v.held, v.total, v.fresh,
              v.whole);
TROUPE_FIELDS(users::Ask, v.tenant, v.boot, v.id, v.needed, v.line);
TROUPE_FIELDS(users::Answer, v.tenant, v.boot, v.id, v.user, v.version, v.decision);
TROUPE_FIELDS(users::Lines, v.tenant, v.boot, v.lines);
TROUPE_FIELDS(users::Noted, v.tenant, v.boot, v.versions);
TROUPE_FIELDS(users::Report, v.tenant, v.user, v.must);
TROUPE_FIELDS(users::Part, v.node, v.boot, v.version, v.born, v.calls, v.held, v.total);
TROUPE_FIELDS(users::Record, v.user, v.cooled, v.parts);
TROUPE_FIELDS(users::Handover, v.tenant, v.boot, v.id, v.records);
TROUPE_FIELDS(users::Taken, v.tenant, v.boot, v.id);
#undef TROUPE_FIELDS

/// The last value of each enumeration that travels: larger ones are refused.
template <class T>
inline constexpr auto kLast = 0;
template <>
inline constexpr auto kLast<cluster::LimitKind> = static_cast<int>(cluster::LimitKind::floor);
template <>
inline constexpr auto kLast<cluster::Change::What> = static_cast<int>(cluster::Change::What::found);
template <>
inline constexpr auto kLast<cluster::Knowledge> = static_cast<int>(cluster::Knowledge::knows);
template <>
inline constexpr auto kLast<members::State> = static_cast<int>(members::State::left);
template <>
inline constexpr auto kLast<members::Aspect> = static_cast<int>(members::Aspect::tpd);

template <>
inline constexpr auto kLast<policy::RefusalReason> = static_cast<int>(policy::RefusalReason::concurrency);
template <>
inline constexpr auto kLast<money::Filled> = static_cast<int>(money::Filled::confirmed);

}  // namespace troupe::wire
