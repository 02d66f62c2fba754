//! Where libmagic, or the wires, call a type by another name than the detector does.

/// The name that `file --mime-type` gives, or the common one of several.
pub(super) fn of_libmagic(name: &str) -> &str {
    match name {
        "application/mp4" => "video/mp4",
        "application/rtf" => "text/rtf",
        "application/vnd.rar" => "application/x-rar",
        "application/x-id3v2" => "audio/mpeg",
        "application/vnd.adobe.illustrator" => "application/pdf",
        "audio/vnd.wave" => "audio/x-wav",
        "audio/matroska" | "application/x-matroska" | "video/matroska" => "video/x-matroska",
        // An animated PNG is a PNG, an animated AVIF an AVIF: the image itself says that it moves.
        "image/apng" => "image/png",
        "image/avif-sequence" => "image/avif",
        other => other,
    }
}

/// Whether a type found in a file of text can be right: the others merely begin with letters.
pub(super) fn is_textual(name: &str) -> bool {
    name.starts_with("text/")
        || matches!(
            name,
            "application/pdf"
                | "application/postscript"
                | "application/x-pem-file"
                | "application/pgp"
                | "application/pgp-keys"
                | "application/pgp-signature"
                | "application/x-bittorrent"
                | "audio/x-mpegurl"
                | "audio/x-scpls"
                | "image/x-eps"
                | "image/x-xpixmap"
        )
}
