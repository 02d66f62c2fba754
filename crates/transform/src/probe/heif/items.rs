//! The items of a `meta` box: which is the picture, how large it is, whether another one is its alpha plane, and where
//! EXIF lies (ISO/IEC 14496-12, 8.11; ISO/IEC 23008-12, 6.5).

use super::boxes::Bytes;

/// What the items tell, together.
pub(super) struct Items {
    pub(super) size: Option<(u32, u32)>,
    pub(super) has_alpha: bool,
    pub(super) exif: Option<Place>,
}

/// Where an item's bytes lie in the file.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) at: u64,
    pub(super) length: u64,
}

impl Items {
    pub(super) fn read(mut meta: Bytes<'_>) -> Option<Self> {
        meta.version()?;
        let primary = primary(meta.find(*b"pitm")?)?;
        let iprp = meta.find(*b"iprp")?;
        let properties = iprp.find(*b"ipco")?.boxes();
        let exif_id = meta.find(*b"iinf").and_then(exif_item);
        Some(Self {
            size: size(&properties, iprp.find(*b"ipma")?, primary),
            has_alpha: properties.into_iter().any(is_alpha),
            exif: exif_id.and_then(|id| place(meta.find(*b"iloc")?, id)),
        })
    }
}

fn primary(mut pitm: Bytes<'_>) -> Option<u64> {
    let (version, _) = pitm.version()?;
    pitm.number(if version == 0 { 2 } else { 4 })
}

/// The item's size: of its spatial extents, or of the part of them that its clean aperture leaves.
fn size(properties: &[(&[u8], Bytes<'_>)], ipma: Bytes<'_>, item: u64) -> Option<(u32, u32)> {
    let mut size = None;
    for index in property_indexes(ipma, item).unwrap_or_default() {
        match index.checked_sub(1).and_then(|index| properties.get(index)) {
            Some((b"ispe", extents)) if size.is_none() => size = spatial_extents(*extents),
            Some((b"clap", aperture)) => size = clean_aperture(*aperture).or(size),
            _ => {}
        }
    }
    size
}

/// Which properties belong to the item, counted from 1, in their order.
fn property_indexes(mut ipma: Bytes<'_>, item: u64) -> Option<Vec<usize>> {
    let (version, flags) = ipma.version()?;
    let index_bytes = if flags & 1 == 1 { 2 } else { 1 };
    // The highest bit says whether the property is essential.
    let mask = if flags & 1 == 1 { 0x7fff } else { 0x7f };
    for _ in 0..ipma.number(4)? {
        let id = ipma.number(if version == 0 { 2 } else { 4 })?;
        let count = ipma.number(1)? as usize;
        let mut indexes = Bytes(ipma.take(count * index_bytes)?);
        if id == item {
            return (0..count).map(|_| Some((indexes.number(index_bytes)? & mask) as usize)).collect();
        }
    }
    None
}

fn spatial_extents(mut ispe: Bytes<'_>) -> Option<(u32, u32)> {
    ispe.version()?;
    Some((u32::try_from(ispe.number(4)?).ok()?, u32::try_from(ispe.number(4)?).ok()?))
}

/// Its width and height are fractions, the offsets after them do not matter here.
fn clean_aperture(mut clap: Bytes<'_>) -> Option<(u32, u32)> {
    let mut side = || u32::try_from(clap.number(4)?.checked_div(clap.number(4)?)?).ok();
    Some((side()?, side()?))
}

/// Whether this says that an item is an alpha plane.
fn is_alpha((kind, mut content): (&[u8], Bytes<'_>)) -> bool {
    let is_auxiliary = kind == b"auxC" && content.version().is_some();
    let name = content.0.split(|byte| *byte == 0).next().unwrap_or_default();
    is_auxiliary && (name == ALPHA || name == ALPHA_HEVC)
}

/// The name of an alpha plane in MPEG-B and AVIF.
const ALPHA: &[u8] = b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha";
/// The name of an alpha plane in HEVC.
const ALPHA_HEVC: &[u8] = b"urn:mpeg:hevc:2015:auxid:1";

/// The id of the item of type `Exif`.
fn exif_item(mut iinf: Bytes<'_>) -> Option<u64> {
    let (version, _) = iinf.version()?;
    iinf.number(if version == 0 { 2 } else { 4 })?;
    loop {
        let (b"infe", mut entry) = iinf.next_box()? else {
            continue;
        };
        let (version, _) = entry.version()?;
        if version < 2 {
            continue;
        }
        let id = entry.number(if version == 2 { 2 } else { 4 })?;
        let _protection = entry.number(2)?;
        if entry.take(4)? == b"Exif" {
            return Some(id);
        }
    }
}

/// The first extent of the item, when it lies in the file itself.
fn place(mut iloc: Bytes<'_>, item: u64) -> Option<Place> {
    let (version, _) = iloc.version()?;
    let [widths, more] = *iloc.take(2)? else { return None };
    let (offset_bytes, length_bytes) = (usize::from(widths >> 4), usize::from(widths & 15));
    let (base_bytes, index_bytes) = (usize::from(more >> 4), if version == 0 { 0 } else { usize::from(more & 15) });
    let id_bytes = if version < 2 { 2 } else { 4 };
    for _ in 0..iloc.number(id_bytes)? {
        let id = iloc.number(id_bytes)?;
        let construction = if version == 0 { 0 } else { iloc.number(2)? & 15 };
        let _data_reference = iloc.number(2)?;
        let base = iloc.number(base_bytes)?;
        let extents = iloc.number(2)? as usize;
        let mut extents = Bytes(iloc.take(extents * (index_bytes + offset_bytes + length_bytes))?);
        if id == item && construction == 0 {
            extents.take(index_bytes)?;
            let at = base.checked_add(extents.number(offset_bytes)?)?;
            return Some(Place { at, length: extents.number(length_bytes)? });
        }
    }
    None
}
