#include "cluster/money/vault.hpp"

namespace troupe::money {

bool Vault::follows(const NodeName& from, const Epoch& epoch, Journal& journal) {
  if (epoch < promised_) {
    journal.send_when_safe({from, Refusal{epoch, promised_.number}});
    return false;
  }
  if (promised_ < epoch) {
    promised_ = epoch;
    journal.write(PromiseWrite{epoch});
  }
  return true;
}

void Vault::hear(const NodeName& from, const Read& message, Time now, Journal& journal) {
  if (now < mute_until_ || !follows(from, message.epoch, journal)) return;
  Copy copy{message.epoch, ledger_, filled_, {}};
  for (const auto& [id, record] : records_) copy.records.push_back(record);
  journal.send_when_safe({from, std::move(copy)});
}

void Vault::hear(const NodeName& from, const Store& message, Time now, Journal& journal) {
  if (now < mute_until_ || message.ledger != ledger_) return;
  if (filled_ == Filled::blank && !message.whole) return;
  if (!follows(from, message.epoch, journal)) return;
  Stored answer{message.epoch, ledger_, {}, {}};
  for (const auto& record : message.records) {
    auto& mine = records_[record.id];
    if (mine.stamp < record.stamp) {
      mine = record;
      journal.write(RecordWrite{record});
    }
    if (mine.stamp.epoch == message.epoch) answer.numbers.emplace_back(record.id, mine.stamp.seq);
  }
  rise(message.confirm ? Filled::confirmed : Filled::founded, journal);
  answer.filled = filled_;
  journal.send_when_safe({from, std::move(answer)});
}

void Vault::rise(Filled to, Journal& journal) {
  if (filled_ >= to) return;
  filled_ = to;
  journal.write(FilledWrite{to});
}

void Vault::forget(Second end, Journal& journal) {
  for (auto at = records_.begin(); at != records_.end();) {
    if (at->second.until >= end) {
      ++at;
      continue;
    }
    journal.write(ForgetWrite{at->first});
    at = records_.erase(at);
  }
}

}  // namespace troupe::money
