// Counts the objects alive behind handles, so that tests can prove that nothing leaks.
#pragma once

#include <cstdint>

namespace curvature {

enum class Kind { vector, basis, script_model, samples, objective, linearization, count };

int64_t live_objects(Kind kind);
void change_live_objects(Kind kind, int64_t by);

// A base class, so that the count follows construction and destruction whatever happens between.
template <Kind kind>
class Counted {
 protected:
  Counted() { change_live_objects(kind, 1); }
  ~Counted() { change_live_objects(kind, -1); }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
};

}  // namespace curvature
