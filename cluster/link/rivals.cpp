#include "cluster/link/rivals.hpp"

namespace troupe::link {

Verdict judge(std::string_view self, std::string_view peer, const Side& standing, const Side& newcomer,
              bool quiet) {
  if (standing.nonce != newcomer.nonce) {
    if (newcomer.incarnation > standing.incarnation) return Verdict::replace;
    return newcomer.incarnation == standing.incarnation ? Verdict::name_taken : Verdict::stale;
  }
  if (standing.dialled == newcomer.dialled) return Verdict::replace;
  const bool smaller_dialled = newcomer.dialled == (self < peer);
  if (smaller_dialled) return Verdict::move;
  return quiet ? Verdict::replace : Verdict::keep;
}

}  // namespace troupe::link
