// Large blocks of memory that go from one tensor to the next without a detour through the system.
#pragma once

#include <cstddef>

namespace curvature {
namespace blocks {

// A product makes and drops the same tensors as the one before it. malloc gives what is large back to the system at
// once, so that every product pays for fresh pages: up to a tenth of a LeNet product's time. Here large blocks lie
// idle until one of the same size is asked for. Idle blocks are few bytes (a fixed limit), the longest idle go first,
// and what is idle and what is in use are together never more than was once in use.
void* take(std::size_t bytes);

// `in_use` and `most_in_use` are the bytes of all tensors without this block, now and at their peak.
void give(void* block, std::size_t bytes, std::size_t in_use, std::size_t most_in_use) noexcept;

// Gives every idle block back to the system: when a piece of work is done.
void release_idle() noexcept;

}  // namespace blocks
}  // namespace curvature
