// SPDX-License-Identifier: Apache-2.0
// How Boost.Math is used here: it never throws. What lies outside of a function's domain gives NaN, what overflows infinity.
#pragma once

#include <boost/math/policies/policy.hpp>

namespace weir {

/// Callers check arguments first; the policy is what holds when one slips through. Nothing is promoted to long double,
/// which would cost a multiple for digits that nobody reads.
using MathPolicy = boost::math::policies::policy<
    boost::math::policies::domain_error<boost::math::policies::ignore_error>,
    boost::math::policies::pole_error<boost::math::policies::ignore_error>,
    boost::math::policies::overflow_error<boost::math::policies::ignore_error>,
    boost::math::policies::underflow_error<boost::math::policies::ignore_error>,
    boost::math::policies::denorm_error<boost::math::policies::ignore_error>,
    boost::math::policies::rounding_error<boost::math::policies::ignore_error>,
    boost::math::policies::evaluation_error<boost::math::policies::ignore_error>,
    boost::math::policies::indeterminate_result_error<boost::math::policies::ignore_error>,
    boost::math::policies::promote_float<false>, boost::math::policies::promote_double<false>>;

}  // namespace weir
