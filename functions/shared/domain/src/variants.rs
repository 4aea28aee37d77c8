//! Lists and names of variants: `ALL` and `as_str` of an enum, from what strum derives.

/// The variants as an array, in their order.
pub(crate) const fn array<T: Copy, const N: usize>(variants: &[T]) -> [T; N] {
    match variants.first_chunk() {
        Some(all) => *all,
        None => panic!("an enum has as many variants as it has"),
    }
}

/// `ALL` and `as_str` for enums that derive `VariantArray` and `IntoStaticStr` with `const_into_str`.
macro_rules! named_variants {
    ($name:ident) => {
        impl $name {
            /// Every variant, in the order of its declaration.
            pub const ALL: [Self; <Self as strum::VariantArray>::VARIANTS.len()] =
                crate::variants::array(<Self as strum::VariantArray>::VARIANTS);

            /// The name used in JSON, keys and texts.
            pub const fn as_str(self) -> &'static str {
                self.into_str()
            }
        }
    };
}

pub(crate) use named_variants;
